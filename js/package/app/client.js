// As apps have it: made when it is imported, and with the fetch that is there then.
import createClient from "openapi-fetch";

export const client = createClient({ baseUrl: "/" });
