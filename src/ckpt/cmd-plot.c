/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "command.h"
#include "messages.h"
#include "plot-program.h"

/* Beside this program, as where both were built; else where it is installed. */
static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, PLOT_PROGRAM, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_build_filename (PROGRAMSDIR, PLOT_PROGRAM, NULL);
}

/**
 * cmd_plot:
 *
 * Draws values into a file: becomes the program that does.
 */
ExitStatus
cmd_plot (const Command *self, int argc, char **argv)
{
  g_autofree char *program = find_program ();
  g_autoptr (GError) error = NULL;

  execv (program, argv);
  g_set_error (&error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("Cannot run %s: %s"), program,
               g_strerror (errno));
  message_error (NULL, error);
  return EXIT_COULD_NOT;
}
