"""A long-run simulation: the random life of a company, faults, and kills, against plain rules.

`model` holds the rules, `tenant` the company's files, `company` and `life` what happens to it.
`calm` and `storm` are the two kinds of days; `scene` is what they share, `course` their turns.
`service` is the clock and the switch, `engine` and `worker` entrasim's own process, `endpoint`
and `weather` the target and what is wrong with it. `mutations` plants faults in the engine.
"""
