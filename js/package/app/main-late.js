import { client } from "./client.js";
import { install } from "fetch401";

window.client = client;
window.install = install;
