// Goes on by itself where nothing is to be decided; without scripts there is the button.
document.querySelector("form[data-goes-on]")?.requestSubmit();
