"""One file per step, named for Graph's `provisioningStepType`; none knows another."""
