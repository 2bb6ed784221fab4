"""What a page hides from its readers by its own words: attributes, inline styles, plain rules for a class in its ``<style>``.

Style sheets of their own are not loaded and scripts do not run, so this is what costs little and not all there is: text in the
colour of what is behind it, or hidden by another element, by a longer selector or under ``@media`` is read."""

import re
from collections.abc import Collection, Iterator, Mapping

from bs4.element import Tag

MOST_STYLE_CHARACTERS = 200_000
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT_BLOCK = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PLAIN = re.compile(r"[a-z0-9]*\.([\w-]+)", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)")
_AWAY = re.compile(r"-\s*\d{3}")
_FAR_AWAY = re.compile(r"-\s*\d{4}")
_HIDES = {
    "display": re.compile(r"none"),
    "visibility": re.compile(r"hidden|collapse"),
    "opacity": re.compile(r"(?:0*\.)?0+%?"),
    "font-size": re.compile(r"(?:0*\.)?0+[a-z%]*|[01](?:\.\d+)?p[xt]|0*\.\d+p[xt]|0*\.0\d*r?em"),
    "clip": re.compile(r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)"),
    "clip-path": re.compile(r"inset\(\s*(?:50|100)%.*|circle\(\s*0.*"),
    "transform": re.compile(r"scale\(\s*0\s*\)"),
    "color": re.compile(r"transparent"),
}
"""By property, the values that show nothing."""
_PLACED = {
    "left": _AWAY,
    "right": _AWAY,
    "text-indent": _AWAY,
    "top": _FAR_AWAY,
    "bottom": _FAR_AWAY,
    "margin-left": _FAR_AWAY,
}
_COLOURS = {"#fff": "white", "#ffffff": "white", "rgb(255,255,255)": "white", "#000": "black", "#000000": "black"}


def declared(style: str) -> dict[str, str]:
    """The properties of a style, in lower case, the last word on each."""
    pairs = (one.partition(":") for one in _COMMENT.sub("", style[:MOST_STYLE_CHARACTERS]).lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()}


def hides(style: Mapping[str, str]) -> bool:
    """Whether what has this style is not seen."""
    behind = style.get("background-color", style.get("background", ""))
    colours = [_COLOURS.get(one.replace(" ", ""), one) for one in (style.get("color", ""), behind)]
    return (
        any(name in style and unseen.fullmatch(style[name]) for name, unseen in _HIDES.items())
        or any(name in style and away.match(style[name]) for name, away in _PLACED.items())
        or (bool(behind) and colours[0] == colours[1])
    )


def hidden_classes(styles: Collection[str]) -> frozenset[str]:
    """The classes that a plain rule (``.note {display: none}``) hides and no other rule shows."""
    text = _COMMENT.sub("", "\n".join(styles)[:MOST_STYLE_CHARACTERS])
    hidden, shown = set[str](), set[str]()
    for selector, style in _rules(_AT_BLOCK.sub("", text)):
        plain = _PLAIN.fullmatch(selector)
        if plain and hides(style):
            hidden.add(plain[1])
        elif not hides(style):
            shown.update(_shown(selector, style))
    for block in _AT_BLOCK.findall(text):
        for selector, style in _rules(block.partition("{")[2]):
            shown.update(() if hides(style) else _shown(selector, style))
    return frozenset(hidden - shown)


def _rules(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for selectors, style in _RULE.findall(text):
        known = declared(style)
        yield from ((selector.strip(), known) for selector in selectors.split(","))


def _shown(selector: str, style: Mapping[str, str]) -> list[str]:
    return _CLASS.findall(selector) if style.keys() & (_HIDES.keys() | _PLACED.keys()) - {"color"} else []


def is_hidden(tag: Tag) -> bool:
    """Whether an element says that it is not to be seen at all."""
    if tag.get("role") == "tabpanel" or tag.get("hidden") == "until-found":
        return False  # shown at a click, as the other languages of an example are
    style = declared(str(tag.get("style", "")))
    gone = any(name in style and _HIDES[name].fullmatch(style[name]) for name in ("display", "visibility", "font-size"))
    return tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or gone


def seems_hidden(tag: Tag, hidden: Collection[str]) -> bool:
    """Whether its style, or a class that the page's own style hides, keeps an element from being seen: until a script shows it,
    as some pages do with all of their text."""
    if tag.get("role") == "tabpanel":
        return False
    classes = tag.get("class") or ()
    named = {classes} if isinstance(classes, str) else set(classes)
    return bool(named & set(hidden)) or hides(declared(str(tag.get("style", ""))))
