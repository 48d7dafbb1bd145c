import { byId } from "./dom.js";

const next = { auto: "light", light: "dark", dark: "auto" };
const names = { auto: "as the system", light: "light", dark: "dark" };

/** The button that goes round: as the system, light, dark. boot.js sets the stored choice before the first paint. */
export function startTheme() {
  const button = byId("theme");
  const root = document.documentElement;
  const current = () => /** @type {keyof typeof next} */ (root.dataset.theme ?? "auto");

  const show = () => {
    button.dataset.theme = current();
    button.setAttribute("aria-label", `Colours: ${names[current()]}. Change`);
    button.title = `Colours: ${names[current()]}`;
  };

  button.addEventListener("click", () => {
    const chosen = next[current()];
    if (chosen === "auto") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try {
      if (chosen === "auto") localStorage.removeItem("demo.theme");
      else localStorage.setItem("demo.theme", chosen);
    } catch {
      // The choice then lasts until the page is left.
    }
    show();
  });
  show();
}
