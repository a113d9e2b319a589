"""When each job's next cycle is due, and one cycle of a job at a time."""
