// Applies the chosen theme before the first paint; without a choice the system's preference holds.
try {
  var theme = localStorage.getItem("ironlaw.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (_) {
  // Storage is refused in some private windows: the system's preference holds.
}
