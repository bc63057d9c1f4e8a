// Sets the chosen colours before the page is painted; a small blocking script in <head>.
//
// Sets   <html data-theme="light|dark">, no attribute when the system decides; also colour-scheme by the page's styles.
// Reads  localStorage "theme". tables.js has the switch.

try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // storage is forbidden: the system decides
}
document.documentElement.classList.add('scripted');
