// As the README of axios-auth-refresh has it. In a browser axios takes its XHR adapter by itself.
// Against that README deduplicateRefresh is off: on, which is its default, all calls of a burst but the first reject with
// their 401 (Flyrell/axios-auth-refresh#307); off, they share one refresh.
import axios from "axios";
import { createAuthRefresh } from "axios-auth-refresh";

export const api = axios.create();

createAuthRefresh(api, () => axios.post("auth/refresh"), { deduplicateRefresh: false });
