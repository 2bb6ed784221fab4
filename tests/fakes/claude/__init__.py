"""Anthropic's Messages API on this machine, as strict as the real one, with a model that says what the test tells it.

    async with fake_claude() as claude, AsyncAnthropic(base_url=claude.base_url, api_key=claude.api_key) as client:
        claude.answers += [say_text("Use ", ("UTF-8.", (0, 0, 1))), say_json({"known": True}), refuse("cyber")]
        claude.model = lambda body: say_text(f"{len(body['messages'])} messages")  # once the queue is empty
        claude.faults.status(2, 529, when=lambda body: "output_config" in body)
        ...  # run what talks to the API
        claude.clock.let_pass(301.0)  # the cache forgets
        assert claude.requests[0].body["max_tokens"] == 1024
        assert claude.busiest <= 4
        assert not claude.violations

The rules are those of API version 2026-10-21, which the SDK sends from 2.0 on, and of 2023-06-01 where they differ.
"""
