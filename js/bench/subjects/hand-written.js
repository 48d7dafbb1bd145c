// What many teams write by hand.
const native = window.fetch;
let refreshing;

window.fetch = async (input, init) => {
  const response = await native(input, init);
  if (response.status !== 401) return response;
  refreshing ??= native("auth/refresh", { method: "POST" }).finally(() => {
    refreshing = undefined;
  });
  const refreshed = await refreshing;
  return refreshed.ok ? native(input, init) : response;
};
