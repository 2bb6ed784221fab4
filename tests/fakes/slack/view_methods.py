"""Modals and home tabs."""

from tests.fakes.slack.arguments import Call
from tests.fakes.slack.platform import Platform, method
from tests.fakes.slack.refusals import Json, Refused


@method("views.open", 4)
def open_view(slack: Platform, call: Call) -> Json:
    """A modal for whoever pressed."""
    return {"view": slack.surfaces.open(call.text("trigger_id", required=True), call.structure("view")).told()}


@method("views.push", 4)
def push(slack: Platform, call: Call) -> Json:
    """A modal on top of the one that was pressed in."""
    trigger = call.text("trigger_id", required=True)
    return {"view": slack.surfaces.open(trigger, call.structure("view"), push=True).told()}


@method("views.update", 4)
def update(slack: Platform, call: Call) -> Json:
    """What a modal shows now."""
    view = slack.surfaces.find(call.text("view_id"), call.text("external_id"))
    return {"view": slack.surfaces.update(view, call.structure("view"), call.text("hash")).told()}


@method("views.publish", 4)
def publish(slack: Platform, call: Call) -> Json:
    """Somebody's home tab."""
    if not slack.world.app.home_tab:
        raise Refused("not_enabled")
    person = call.person("user_id")
    return {"view": slack.surfaces.publish(person, call.structure("view"), call.text("hash")).told()}
