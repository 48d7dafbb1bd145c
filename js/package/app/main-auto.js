import "fetch401/auto";
import { client } from "./client.js";

window.client = client;
