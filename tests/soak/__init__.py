"""Real runs that are interrupted at random moments, and what they leave."""
