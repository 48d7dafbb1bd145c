/** A D1 database for a Worker in another process: passes on what that one's D1 client asks. */

export default {
  /**
   * @param {Request} request
   * @param {{ DB: any }} env
   */
  fetch: (request, env) => env.DB.fetcher.fetch(request),
};
