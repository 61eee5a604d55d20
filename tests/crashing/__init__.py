"""A trial installation whose processes are killed at random, and the question afterwards: was anything lost or doubled?

Real servers, worker, two beats and a robot that errs; incidents are filed and moved at random; a day is compressed by
moving the trial clock from one interesting minute to the next. `tests/loop/test_crash.py` does half a minute of it,
`python -m benchmarks.crash` ten minutes.
"""
