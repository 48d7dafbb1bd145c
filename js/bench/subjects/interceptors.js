// As a mere wrapper, as msw uses it: what it costs to look at each call. It replaces the class by a proxy.
import { XMLHttpRequestInterceptor } from "@mswjs/interceptors/XMLHttpRequest";

new XMLHttpRequestInterceptor().apply();
