// Reads a file with keys into the field; it goes nowhere but into this form.
const field = document.querySelector("[data-needs-script]");
const file = document.getElementById("file");
const said = document.getElementById("file-said");
field.hidden = false;
file.addEventListener("change", async () => {
  const chosen = file.files[0];
  if (!chosen) return;
  if (chosen.size > 500_000) {
    said.textContent = `${chosen.name} is larger than any file with keys.`;
    return;
  }
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  try {
    document.getElementById("keys").value = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    document.querySelector("input[name=source][value=text]").checked = true;
    said.textContent = `The keys of ${chosen.name} are in the field above.`;
  } catch {
    said.textContent = `${chosen.name} is no text. If it is DER, openssl pkey -pubin -inform der makes PEM of it.`;
  }
});
