"""How long calls take, stage by stage."""
