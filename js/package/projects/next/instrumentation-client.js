// Next runs this in the browser, before anything of the app.
import { install } from "fetch401";

install({ refreshUrl: "/refresh", protect: ["/api"], loginUrl: "/login" });
