"""What Chromium's profiler says is summed up by function, waiting left out."""

from benchmarks.search.profile import own_times


def frame(number: int, name: str, url: str = "search.js", line: int = 9) -> dict[str, object]:
    return {"id": number, "callFrame": {"functionName": name, "url": url, "lineNumber": line}}


def test_own_times_are_those_of_functions_with_their_lines() -> None:
    nodes = [
        frame(1, "(idle)", ""),
        frame(2, "seek"),
        frame(3, "", line=19),
        frame(4, "(program)", ""),
        frame(5, "seek"),
    ]
    samples = {"samples": [1, 2, 3, 2, 4, 5], "timeDeltas": [9000, 1000, 500, 2000, 250, 3000]}
    assert own_times({"nodes": nodes, **samples}) == {"seek:10": 6, "anonymous:20": 0.5, "(program)": 0.25}
