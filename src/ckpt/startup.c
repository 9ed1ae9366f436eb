/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "startup.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "command.h"

/* A descriptor that the caller closed would be given to the next file that is opened, and then be written to. */
static void
occupy_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", O_RDONLY) != fd)
      _exit (EXIT_COULD_NOT);
}

/**
 * startup:
 * @name: what the program is called in messages
 *
 * What each program does first.
 */
void
startup (const char *name)
{
  occupy_standard_descriptors ();

  /* A file that may not grow is an error like a full disk. */
  signal (SIGXFSZ, SIG_IGN);

  /* Words and characters are those of the user; numbers stay those of the C locale. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname (name);
}
