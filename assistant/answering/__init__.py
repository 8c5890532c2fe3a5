"""From hits to an Answer whose every statement is cited and checked."""
