"""A file of faults as an example, for the help of whoever writes one."""

from __future__ import annotations

EXAMPLE = """\
# Rules are asked from the top. Delays that hit add up; the first other
# fault that hits is the end of the matter. The same seed and the same
# requests give the same faults.
seed = 7

[[rules]]
fault = "delay"               # the request waits
time = "0.2s"
# Each rule may say which requests it is about, and how often it hits:
methods = ["POST", "PATCH"]   # all without it
path = "/Users"               # a regular expression in path and query
# sent = "ada@contoso[.]com"  # the same in the request's body
share = 0.5                   # of these requests, by chance
skip = 2                      # so many get through first
times = 10                    # no more often than that
name = "slow writes"          # what it is told and counted as

[[rules]]
fault = "status"              # another answer, by default a SCIM error
status = 429
retry_after = "2s"
# retry_after_as = "date"     # or "seconds"
# headers = { X-Reason = "maintenance" }
# body = "slowly, please"
# carried_out = true          # the request is carried out all the same
share = 0.02

[[rules]]
fault = "lost_answer"         # carried out; then a reset, no answer
# ending = "close"            # or "reset"
methods = ["POST"]
times = 1

# fault = "late_answer"       # carried out, and answered after a `time`
# fault = "cut"               # half an answer; `ending` as above
# fault = "reset"             # of the connection, nothing carried out
# fault = "close"             # likewise, without a reset
# fault = "drip"              # parts of `size` bytes, a `time` apart
# fault = "wrong_body"        # `kind`: "no_json", "other_json",
#                             # "truncated" or "empty"
# fault = "huge"              # the answer padded to `size` bytes
# fault = "redirect"          # `to` = "http://elsewhere.test", `status`
"""
