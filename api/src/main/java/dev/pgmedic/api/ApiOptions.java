package dev.pgmedic.api;

import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;

/**
 * How the API is served.
 *
 * @param http where it listens
 * @param auth who may what
 */
public record ApiOptions(Http http, Auth auth) {}
