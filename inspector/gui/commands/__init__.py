"""What each action does when the user asks for it; each module has one menu's worth."""
