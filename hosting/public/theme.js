// Runs before the first paint: a stored choice of light or dark must not flash the other one.
try {
  const theme = localStorage.getItem('dotm.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's choice applies.
}
