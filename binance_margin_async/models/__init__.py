"""The words: frozen structs and enums for everything the exchange and this package speak of."""
