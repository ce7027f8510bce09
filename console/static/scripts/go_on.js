// What is done with many goes on by itself; without this script the button does it.
document.getElementById("go-on").requestSubmit();
