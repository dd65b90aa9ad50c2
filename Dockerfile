# The same steps as in README.md, for those who prefer a container:
#   docker build -t publisher . && docker run --rm -v "$PWD/build:/publisher/build" publisher
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /publisher
COPY . .
RUN tools/setup.sh run
CMD ["make", "all"]
