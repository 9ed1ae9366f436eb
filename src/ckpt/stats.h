/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "listing.h"
#include "session.h"
#include "stats-run.h"
#include "table.h"

G_BEGIN_DECLS

typedef struct _Stats Stats;

/**
 * StatsExtent:
 * @path_width: columns that the longest path takes
 * @dtype_width: columns that the longest name of a type takes
 * @shape_width: columns that the longest shape takes
 * @numel: elements of the largest tensor
 *
 * How large what will be shown is.
 */
typedef struct
{
  guint path_width;
  guint dtype_width;
  guint shape_width;
  guint64 numel;
} StatsExtent;

/**
 * StatsRow:
 * @item: the tensor, or what the tensors are in; without a node, its text is a glob that matches them
 * @n_tensors: how many tensors are merged
 * @result: (nullable): the figures
 * @problem: (nullable): a sentence: why there are none, though nothing is wrong with the file
 * @histogram: (nullable): how the values are spread
 */
typedef struct
{
  const Item *item;
  guint n_tensors;
  const StatsResult *result;
  const char *problem;
  const CkptHistogram *histogram;
} StatsRow;

/**
 * StatsWriter:
 * @begin: called for each file before its rows
 * @add: called for each row
 * @flush: (nullable): writes the rows that are held back
 * @end: (nullable): called after the rows
 *
 * A form in which figures are told.
 */
typedef struct
{
  void (*begin) (Stats             *stats,
                 const StatsExtent *extent);
  void (*add)   (Stats             *stats,
                 const StatsRow    *row);
  void (*flush) (Stats             *stats);
  void (*end)   (Stats             *stats);
} StatsWriter;

/**
 * Stats:
 * @session: the file that is shown
 * @writer: the form
 * @patterns: (array length=n_patterns): paths and globs; none for everything
 * @is_merged: whether a row tells of all tensors in a value
 * @depth: how many parts of keys below a match, where rows are merged
 * @wants_percentiles: whether percentiles are told
 * @n_bins: bins of a histogram, or 0 for none
 * @n_threads: how many threads work; 0 for as many as there are cores
 * @wants_findings: whether findings are told instead of figures
 * @fail_on: (array zero-terminated=1) (nullable): kinds of findings to fail on, beside problems
 * @has_failed: whether something of a file could not be read
 * @has_found: whether something was found that is to fail on
 * @table: (nullable): rows as text
 * @columns: (nullable): which columns the table has; for the writer
 * @is_headed: whether the line of names of CSV was written
 *
 * What `ckpt stats` does, and how far it is.
 */
struct _Stats
{
  Session *session;
  const StatsWriter *writer;
  const char *const *patterns;
  guint n_patterns;
  gboolean is_merged;
  guint depth;
  gboolean wants_percentiles;
  guint n_bins;
  guint n_threads;
  gboolean wants_findings;
  char **fail_on;
  gboolean has_failed;
  gboolean has_found;
  Table *table;
  gpointer columns;
  gboolean is_headed;
};

extern const StatsWriter stats_text_writer;
extern const StatsWriter stats_json_writer;
extern const StatsWriter stats_csv_writer;

gboolean   stats_list_tensors  (Stats        *self,
                                CkptTree     *tree,
                                ListingFunc   func,
                                gpointer      user_data,
                                GError      **error);
GPtrArray *stats_find_matches  (Stats        *self,
                                CkptTree     *tree,
                                GError      **error);

/* Each shows one file. */
gboolean   stats_show_tensors  (Stats        *self,
                                CkptTree     *tree,
                                GError      **error);
gboolean   stats_show_merged   (Stats        *self,
                                CkptTree     *tree,
                                GError      **error);
gboolean   stats_show_findings (Stats        *self,
                                CkptTree     *tree,
                                GError      **error);

G_END_DECLS
