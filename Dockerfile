# Build:  docker build -t process-playground .
# Run:    docker run --rm -p 8080:8080 process-playground
#
# ptrace(2) of one's own children works under Docker's default seccomp profile;
# no capability and no --privileged is needed.

FROM rust:1-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin process-playground

FROM debian:bookworm-slim
# CPython runs the scenarios' main.py; the font has the letters of both languages, for pictures as PNG.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin playground \
    && install --directory --mode 700 --owner playground --group playground /var/lib/process-playground
COPY --from=build /source/target/release/process-playground /usr/local/bin/process-playground
USER 10001:10001
# Finished runs are kept here.
ENV PLAYGROUND_RECORDINGS=/var/lib/process-playground
VOLUME /var/lib/process-playground
EXPOSE 8080
STOPSIGNAL SIGTERM
# The slim image has no curl; bash speaks TCP by itself.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# PID 1 must forward signals and reap orphans; the server is built to do both.
ENTRYPOINT ["process-playground"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
