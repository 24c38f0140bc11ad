/* SPDX-License-Identifier: MIT */
/* A daemon that gives every request the same answer: for answers that a real one gives only in
 * distress, or in another version.
 * usage: tixfake SOCKET ANSWER
 * ANSWER is the rest of the reply after its id, e.g. '"result":{}}'. Without ANSWER it takes a
 * request and closes. Says "ready" on stdout, ends by signal, or with 1 for an error. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_on(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 8) < 0) {
		perror("tixfake");
		return -1;
	}
	return fd;
}

/* Answers each line of one connection until it closes. */
static void serve(int fd, const char *answer)
{
	FILE *in = fdopen(fd, "r");
	char line[65536];

	while (in && fgets(line, sizeof(line), in)) {
		const char *id = strstr(line, "\"id\":");
		int len = id ? (int)strcspn(id, ",}") : 0;

		if (!answer || !id || dprintf(fd, "{\"jsonrpc\":\"2.0\",%.*s,%s\n", len, id, answer) < 0)
			break;
	}
	if (in)
		fclose(in);
}

int main(int argc, char **argv)
{
	int fd = argc >= 2 ? listen_on(argv[1]) : -1;

	if (fd < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		int peer = accept(fd, NULL, NULL);

		if (peer < 0)
			return 1;
		serve(peer, argc > 2 ? argv[2] : NULL);
	}
}
