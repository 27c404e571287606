"""Et forløb: one order as KiAP's own see it, with every form, its members, material and mails."""
