"""Metrics of real processes, and how ready they are."""

import requests
from directories import started_directory
from installation import Installation, free_port, installation, wait_until


def test_web_and_worker_tell_what_they_do() -> None:
    """Each its own part; one process serves the web's, whatever a platform wants."""
    port = free_port()
    environ = {"METRICS_PORT": str(port), "WEB_CONCURRENCY": "3"}
    with started_directory() as directory, installation(directory, **environ) as bot:
        room = bot.ask("help")["roomId"]
        wait_until(lambda: len(bot.answers(room)) == 2, "the greeting is said, and help is shown")
        _check_metrics(bot, port)
        assert len(bot.child("web").children()) == 1
        _check_readiness(bot)


def _check_metrics(bot: Installation, port: int) -> None:
    wait_until(lambda: bot.measures("extbot_jobs").get(("running",)) == 0, "all is answered")
    assert bot.measures("extbot_events_total")[("messages", "deferred")] == 1
    assert bot.measures("extbot_webhook_delivery_seconds_count")[("messages",)] == 1
    assert bot.measures("extbot_command_seconds_count") == {}
    assert bot.measures("extbot_workers") == {(): 1.0}
    assert 0 <= bot.measures("extbot_last_event_seconds")[()] < 60
    assert bot.measures("extbot_command_seconds_count", port) == {("help", "ok"): 1.0}
    assert bot.measures("extbot_queue_wait_seconds_count", port)[()] >= 1
    assert bot.measures("extbot_api_call_seconds_count", port)[("messaging", "GET", "/messages/{id}", "200")] == 1
    assert bot.measures("extbot_api_call_seconds_count", port)[("directory", "GET", "/people/{id}", "200")] == 1
    assert ("check_webhooks", "failed") not in bot.measures("extbot_chores_total", port)
    assert bot.measures("process_resident_memory_bytes", port)


def _check_readiness(bot: Installation) -> None:
    answer = requests.get(f"http://127.0.0.1:{bot.port}/ready", timeout=30)
    names = ("database", "tables", "webhooks", "worker", "bot token", "calling token", "authorization")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": dict.fromkeys(names, "ok")})
    bot.child("worker").suspend()
    wait_until(
        lambda: not requests.get(f"http://127.0.0.1:{bot.port}/ready", timeout=30).ok, "the worker is missed"
    )
    bot.child("worker").resume()
    wait_until(bot.is_ready, "it is there again")
