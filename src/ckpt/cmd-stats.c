/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "command.h"
#include "paths.h"
#include "stats.h"

#define MAX_BINS    65536
#define MAX_THREADS 1024

/* What was asked for. */
typedef struct
{
  gboolean wants_json;
  gboolean wants_csv;
  gboolean wants_findings;
  gboolean is_merged;
  gint depth;
  gboolean wants_percentiles;
  gint n_bins;
  gint n_threads;
  char **fail_on;
  char **keys;
} Options;

static void
options_clear (Options *self)
{
  g_strfreev (self->fail_on);
  g_strfreev (self->keys);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
is_file (const char *word)
{
  struct stat info;

  return lstat (word, &info) == 0;
}

/* Words at the end that are no files are patterns; the first word is a file in any case. */
static guint
count_files (char **words, const Options *options)
{
  guint n = g_strv_length (words);

  while (options->keys == NULL && n > 1 && !is_file (words[n - 1]))
    n--;
  return n;
}

static gboolean
show_file (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  Stats *self = user_data;

  self->session = session;
  if (self->wants_findings)
    return stats_show_findings (self, tree, error);
  if (self->is_merged)
    return stats_show_merged (self, tree, error);
  return stats_show_tensors (self, tree, error);
}

/* Returns the first kind that there is none of. */
static const char *
find_unknown_kind (const Options *options)
{
  for (guint i = 0; options->fail_on != NULL && options->fail_on[i] != NULL; i++)
    if (!g_strv_contains (ckpt_findings_get_kinds (), options->fail_on[i]))
      return options->fail_on[i];
  return NULL;
}

/* What does not go together; returns FALSE after telling. */
static gboolean
check (const Options *options)
{
  const char *unknown = find_unknown_kind (options);

  if (unknown != NULL)
    {
      g_autofree char *kinds = g_strjoinv (", ", (char **) ckpt_findings_get_kinds ());

      command_misuse (_ ("There is no kind of finding “%s”; there are %s"), unknown, kinds);
    }
  else if (options->wants_json && options->wants_csv)
    command_misuse (_ ("The options --json and --csv do not go together"));
  else if (options->wants_findings &&
           (options->wants_csv || options->is_merged || options->wants_percentiles))
    command_misuse (_ ("The option --findings does not go together with figures"));
  else if (options->n_bins < 0 || options->n_bins > MAX_BINS)
    command_misuse (_ ("The option --bins takes a number up to %u"), MAX_BINS);
  else if (options->depth < 0)
    command_misuse (_ ("The option --depth takes a number"));
  else if (options->n_threads < 0 || options->n_threads > MAX_THREADS)
    command_misuse (_ ("The option --threads takes a number up to %u"), MAX_THREADS);
  else if (options->n_bins > 0 && (!options->wants_json || options->wants_findings))
    command_misuse (_ ("The option --bins goes together with --json only"));
  else
    return TRUE;
  return FALSE;
}

static ExitStatus
run (const Options *options, char **words)
{
  static const SessionSpec spec = { "ckpt.stats.1", show_file };
  guint n_files = count_files (words, options);
  Stats stats = {
    .writer = options->wants_json  ? &stats_json_writer
              : options->wants_csv ? &stats_csv_writer
                                   : &stats_text_writer,
    .patterns = (const char *const *) (options->keys != NULL ? options->keys : words + n_files),
    .is_merged = options->is_merged,
    .depth = options->depth,
    .wants_percentiles = options->wants_percentiles,
    .wants_findings = options->wants_findings,
    .n_bins = options->n_bins,
    .n_threads = options->n_threads,
    .fail_on = options->fail_on,
  };
  ExitStatus status;

  stats.n_patterns = g_strv_length ((char **) stats.patterns);
  status = session_run (&spec, options->wants_json, words, n_files, &stats);
  if (stats.has_failed)
    return EXIT_COULD_NOT;
  return status == EXIT_DONE && stats.has_found ? EXIT_FOUND : status;
}

/**
 * cmd_stats:
 *
 * Tells the figures of tensors, or what is wrong with them.
 */
ExitStatus
cmd_stats (const Command *self, int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "merge", 'm', 0, G_OPTION_ARG_NONE, &options.is_merged,
      N_ ("Merge all tensors in each value that GLOB matches"), NULL },
    { "depth", 'd', 0, G_OPTION_ARG_INT, &options.depth,
      N_ ("As --merge, for each part N keys below, where a key ends at a dot too"), N_ ("N") },
    { "percentiles", 'p', 0, G_OPTION_ARG_NONE, &options.wants_percentiles,
      N_ ("Tell percentiles too: 1, 25, median, 75, 99"), NULL },
    { "findings", 'f', 0, G_OPTION_ARG_NONE, &options.wants_findings,
      N_ ("Tell what is wrong or odd instead; exit status 1 if there are problems"), NULL },
    { "fail-on", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.fail_on,
      N_ ("As --findings, with exit status 1 also for findings of KIND"), N_ ("KIND") },
    { "keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
      N_ ("Tell of what matches GLOB; all words are then files"), N_ ("GLOB") },
    { "threads", 0, 0, G_OPTION_ARG_INT, &options.n_threads, N_ ("Work on N threads; otherwise on all cores"),
      N_ ("N") },
    { "bins", 0, 0, G_OPTION_ARG_INT, &options.n_bins, N_ ("Add a histogram of N bins to the JSON"),
      N_ ("N") },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &options.wants_csv, N_ ("Write CSV"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.wants_json, N_ ("Write JSON"), NULL },
    { NULL },
  };
  ExitStatus status;
  g_auto (GStrv) words = command_parse (self, entries, _ (paths_help), argc, argv, &status);

  if (words == NULL)
    return status;
  if (words[0] == NULL)
    return command_misuse (_ ("A file is missing"));
  options.wants_findings |= options.fail_on != NULL;
  options.is_merged |= options.depth > 0;
  if (!check (&options))
    return EXIT_COULD_NOT;
  return run (&options, words);
}
