// Loaded before an app by NODE_OPTIONS: sends what the app sends to Spotify to the server that SPOTIFY_IS_AT names.
// The app's own code says Spotify's addresses, as its page has them.
const addresses = new Set(["https://accounts.spotify.com", "https://api.spotify.com"]);
const { fetch } = globalThis;

globalThis.fetch = async function localSpotify(input, init) {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!addresses.has(url.origin)) return fetch(input, init);
  const local = new URL(url.pathname + url.search, process.env.SPOTIFY_IS_AT);
  return fetch(input instanceof Request ? new Request(local, input) : local, init);
};
