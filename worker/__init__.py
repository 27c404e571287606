"""What runs: settings, the worker, embedded servers, the demo and the command line."""
