// The list to print.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
