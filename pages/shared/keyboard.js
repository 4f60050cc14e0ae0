// Tab goes from the button of an open popover into it, and from its last control back to the page, Escape to the button:
// Streamlit draws popovers at the end of the page, where the keyboard would come last.
const BODY = '[data-testid="stPopoverBody"]';
const OPENER = '[data-testid="stPopover"] button[aria-expanded="true"]';
const STOPS = 'a[href], button:enabled, input:enabled, textarea:enabled, [tabindex="0"], [data-tabindex]';
// what could be reached by Tab while the focus was inside is marked so and taken out once it has left
const reached = (each) => each.offsetParent !== null && (each.tabIndex >= 0 || each.dataset.tabindex !== undefined);

let opener = null; // the button that was last left for what it opened

const stopsOf = (body) => [...body.querySelectorAll(STOPS)].filter(reached);

// What is in it may be drawn later than it opens: its parts are fetched when they are needed for the first time.
function enter(body, tries) {
  const [first] = stopsOf(body);
  if (first) first.focus();
  else if (tries && body.isConnected) setTimeout(() => enter(body, tries - 1), 50);
}

function go(event) {
  const body = ["Tab", "Escape"].includes(event.key) ? document.querySelector(BODY) : null;
  if (!body) return;
  const here = document.activeElement;
  if (event.key === "Escape") {
    if (opener && body.contains(here)) setTimeout(() => body.isConnected || opener.focus(), 300); // once it is closed
    return;
  }
  const open = document.querySelector(OPENER);
  // the page may have been drawn anew and have taken the focus along: what is open is where it was
  if (here === open || (open && here === document.body)) opener = open;
  const stops = stopsOf(body);
  if (opener && (here === opener || here === document.body) && !event.shiftKey) {
    event.preventDefault();
    enter(body, 60);
  } else if (opener && here === stops[0] && event.shiftKey) {
    event.preventDefault();
    opener.focus();
  } else if (opener && here === stops.at(-1) && !event.shiftKey) {
    opener.focus(); // the browser goes on from there
  }
}

// What scrolls sideways is a stop of its own: without one the keyboard could not scroll it.
const SIDEWAYS = '[data-testid="stGrid"][data-test-wrap="false"]';

function reachSideways() {
  for (const each of document.querySelectorAll(SIDEWAYS)) {
    if (each.scrollWidth <= each.clientWidth || each.tabIndex >= 0) continue;
    each.tabIndex = 0;
    each.setAttribute("role", "group");
    each.setAttribute("aria-label", "Scrolls sideways");
  }
}

// Once for the page: one listener does for every popover, whichever page of the app is drawn.
export default function () {
  if (document.documentElement.dataset.popovers) return;
  document.documentElement.dataset.popovers = "reached";
  document.addEventListener("keydown", go, { capture: true });
  const soon = () => setTimeout(reachSideways, 100);
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
  soon();
}
