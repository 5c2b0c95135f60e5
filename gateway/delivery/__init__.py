"""Record versions on their way to the targets: one attempt, the breaker, the lane of a target, the worker."""
