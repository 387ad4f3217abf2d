// Asks every two seconds where the report stands; a new state shows a new page.

const PAUSE = 2000;
const place = document.querySelector("#report-state[data-poll]");

async function look() {
  try {
    const answer = await fetch(place.dataset.poll, { headers: { Accept: "application/json" } });
    if (answer.ok && (await answer.json()).state === place.dataset.state) {
      setTimeout(look, PAUSE);
      return;
    }
    if (answer.status === 429 || answer.status >= 500) {
      setTimeout(look, PAUSE * 5);
      return;
    }
    location.reload();
  } catch {
    // The network is away for a moment: the next look may succeed.
    setTimeout(look, PAUSE * 5);
  }
}

if (place) setTimeout(look, PAUSE);
