"""The ports: each network library is spoken to in one file here."""
