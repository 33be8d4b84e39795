# The panel that looks at the force's work.
quality-nav = Panel
quality-title = Quality assurance panel
quality-no-handbook = No handbook is kept: ask the administrator to add one to the guidance, with "panel" in it.
