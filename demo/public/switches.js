import { byId, inputById } from "./dom.js";
import { fetch401, isOn, switchOff } from "./interceptor.js";
import { reload, remember } from "./storage.js";

/** The switch that turns fetch401 off and on, and the one for its trace. */
export function startSwitches() {
  const off = byId("off-switch");
  off.addEventListener("click", () => {
    if (isOn()) {
      remember("off", "1");
      switchOff();
      show();
    } else {
      // Only a new tag brings it back.
      remember("off", "0");
      reload();
    }
  });
  const debug = inputById("debug");
  debug.checked = document.documentElement.dataset.debug === "1";
  debug.addEventListener("change", () => {
    remember("debug", debug.checked ? "1" : "0");
    reload();
  });
  show();
}

function show() {
  const off = byId("off-switch");
  const missing = fetch401() === undefined && document.documentElement.dataset.off !== "1";
  off.setAttribute("aria-checked", String(isOn()));
  off.toggleAttribute("disabled", missing);
  byId("off-word").textContent = isOn() ? "on" : "off";
  byId("off-note").hidden = isOn() || missing;
  document.documentElement.toggleAttribute("data-without", !isOn());
}
