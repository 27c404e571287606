"""An order's papers on the web: made when somebody asks for them, from what stands then, and kept nowhere."""
