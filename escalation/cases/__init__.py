"""Cases: opened, told, held until a person has closed them."""
