/** Several pages of one origin, and what they do at once. */

/** Tabs on the same page, one after the other. */
export const several = async (e, number, url) => {
  const tabs = [];
  for (let i = 0; i < number; i++) tabs.push(await (await e.tab()).open(url));
  return tabs;
};

/** A page makes distinct calls at once, of which nobody hears until they are asked for. */
export const begin = (tab, calls, more = []) =>
  tab.run(
    (calls, more) => {
      const urls = [...[...Array(calls).keys()].map((n) => "/api/items/" + n), ...more];
      window.burst = Promise.all(urls.map((url) => fetch(url).then((r) => r.status, (e) => String(e))));
    },
    calls,
    more,
  );

/** What became of them: what was not 200. */
export const failed = (tab) => tab.run(() => window.burst.then((all) => all.filter((status) => status !== 200)));

/** Both. */
export const burst = async (tab, calls, more) => {
  await begin(tab, calls, more);
  return failed(tab);
};
