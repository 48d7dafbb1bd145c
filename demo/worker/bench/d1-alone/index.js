/** The floor: the Worker's one statement of a rotation, without Go, keys or tokens. What is below it is not ours to save. */

const ROTATE = `UPDATE families SET previous_hash = current_hash, current_hash = ?3, rotation = rotation + 1,
    rotated_at = ?4, refreshes = refreshes + 1, late_before = late * (late_before + 1), late = 0
  WHERE id = ?1 AND current_hash = ?2 AND ended_at = 0 AND expires_at > ?4 AND refresh_down_until <= ?4
  RETURNING subject, mode, lifetime, epoch, rotation`;

let number = 0;

export default {
  /**
   * @param {Request} request
   * @param {{ DB: any }} env
   */
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const fields = new URLSearchParams(await request.text());
    if (pathname.startsWith("/api/")) return Response.json({ public: true });
    const token = `t${++number}-${"x".repeat(40)}`;
    if (pathname === "/auth/login") {
      await env.DB.prepare("INSERT INTO families (id, subject, mode, lifetime, expires_at, current_hash) VALUES (?1, 'demo', 'bearer', 60, 9e15, ?1)")
        .bind(token).run();
      return Response.json({ access_token: "", refresh_token: token + "." + token });
    }
    const [family, hash] = String(fields.get("refresh_token")).split(".");
    const rows = await env.DB.prepare(ROTATE).bind(family, hash, token, Date.now()).raw({ columnNames: true });
    return Response.json({ access_token: "", refresh_token: family + "." + token }, { status: rows.length === 2 ? 200 : 500 });
  },
};
