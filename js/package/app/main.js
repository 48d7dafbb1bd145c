import { install } from "fetch401";

install({ refreshUrl: "/refresh", protect: ["/api"], loginUrl: "/login" });
