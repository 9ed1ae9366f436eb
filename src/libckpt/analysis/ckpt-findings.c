/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-findings-private.h"

#include "model/ckpt-values.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Training leaves a value of its own nearly everywhere. */
#define FEW_VALUES 64

typedef struct
{
  const char *kind;
  const char *title;
} Kind;

/* In the order in which they are told. */
static const Kind kinds[] = {
  { "nan", N_ ("NaN") },
  { "inf", N_ ("Infinity") },
  { "all-zero", N_ ("All zeros") },
  { "constant", N_ ("All the same") },
  { "dead-rows", N_ ("Dead outputs") },
  { "dead-columns", N_ ("Dead inputs") },
  { "odd-scale", N_ ("Another scale than sibling layers") },
  { "fits-bfloat16", N_ ("Fits bfloat16") },
  { "fits-float16", N_ ("Fits float16") },
};

/* A walk that collects the subjects. */
typedef struct
{
  CkptLooking *looking;
  const CkptPath *prefix; /* from the root to where the walk begins */
  GHashTable *seen;       /* tensors, of tied ones the first */
  guint outer_depth;      /* of the tensor whose parts the walk is in */
  gboolean is_in_tensor;
} Walk;

static void
finding_free (gpointer data)
{
  CkptFinding *finding = data;

  g_free (finding->path);
  g_free (finding->text);
  g_free (finding);
}

static void
subject_free (gpointer data)
{
  CkptSubject *subject = data;

  ckpt_role_clear (&subject->role);
  g_free (subject->path);
  g_free (subject);
}

static gboolean
is_floating (const CkptTensor *tensor)
{
  guint8 dtype_class = ckpt_dtype_get_info (tensor->dtype)->dtype_class;

  return dtype_class == CKPT_CLASS_FLOAT || dtype_class == CKPT_CLASS_COMPLEX ||
         dtype_class == CKPT_CLASS_QUANTIZED;
}

static CkptPath *
join_paths (const CkptPath *prefix, const CkptPath *path)
{
  CkptPath *whole = ckpt_path_copy (prefix);

  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    ckpt_path_push (whole, ckpt_path_get_step (path, i));
  return whole;
}

static CkptNodeId
get_parent (CkptTree *tree, const CkptPath *path)
{
  guint length = ckpt_path_get_length (path);

  return length < 2 ? ckpt_tree_get_root (tree) : ckpt_path_get_step (path, length - 2)->node;
}

static void
add_subject (Walk *walk, CkptTree *tree, const CkptTensor *tensor, CkptNodeId node, const CkptPath *path)
{
  CkptSubject *subject = g_new0 (CkptSubject, 1);
  g_autoptr (CkptPath) whole = join_paths (walk->prefix, path);

  subject->tensor = tensor;
  subject->node = node;
  subject->parent = get_parent (tree, whole);
  subject->path = ckpt_path_to_string (whole, tree);
  subject->is_part = walk->is_in_tensor;
  ckpt_role_init (&subject->role, tree, whole);
  g_ptr_array_add (walk->looking->subjects, subject);
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Walk *walk = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);

  if (depth <= walk->outer_depth)
    walk->is_in_tensor = FALSE;
  if (tensor == NULL)
    return TRUE;
  if (is_floating (tensor) && tensor->numel > 0 && ckpt_tensor_get_unreadable (tree, tensor) == NULL &&
      g_hash_table_add (walk->seen, (gpointer) ckpt_tree_get_first_tied (tree, tensor)))
    add_subject (walk, tree, tensor, child->node, path);
  if (!walk->is_in_tensor)
    {
      walk->is_in_tensor = TRUE;
      walk->outer_depth = depth;
    }
  return TRUE;
}

typedef struct
{
  CkptNodeId wanted;
  CkptPath *path;
} Search;

static gboolean
on_searched (CkptTree *tree,
             const CkptPath *path,
             guint depth,
             const CkptChild *child,
             gboolean is_repeat,
             gpointer user_data)
{
  Search *search = user_data;

  if (search->path == NULL && child->node == search->wanted)
    search->path = ckpt_path_copy (path);
  return search->path == NULL;
}

/* The first path to a value. */
static CkptPath *
find_path (CkptTree *tree, CkptNodeId node)
{
  Search search = { node, NULL };

  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), on_searched, &search);
  return search.path != NULL ? search.path : ckpt_path_new ();
}

static void
collect (CkptLooking *self, GHashTable *seen, const CkptPath *below)
{
  Walk walk = { .looking = self, .prefix = below, .seen = seen };

  ckpt_tree_walk (self->tree, ckpt_path_get_node (below, self->tree), on_value, &walk);
}

static void
take_profile (CkptSubject *subject, const CkptProfile *profile)
{
  const CkptStats *stats = &profile->stats;

  subject->stats = *stats;
  subject->has_few_values = profile->sketch == NULL ||
                            ckpt_sketch_count_buckets (profile->sketch, stats->min, stats->max) < FEW_VALUES;
}

static void
on_profile (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  CkptSubject *subject = g_hash_table_lookup (user_data, GUINT_TO_POINTER (tensor));

  if (profile != NULL && subject != NULL)
    take_profile (subject, profile);
}

/* Reads what is not known yet. */
static gboolean
survey_subjects (CkptLooking *self,
                 CkptProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) by_tensor = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->subjects->len; i++)
    {
      CkptSubject *subject = self->subjects->pdata[i];
      g_autoptr (CkptProfile) profile = ckpt_survey_find (self->survey, subject->tensor);

      if (profile != NULL)
        {
          take_profile (subject, profile);
          continue;
        }
      g_hash_table_insert (by_tensor, GUINT_TO_POINTER (subject->tensor->index), subject);
      g_array_append_val (tensors, subject->tensor->index);
    }
  return tensors->len == 0 ||
         ckpt_survey_run (self->survey, (const guint32 *) tensors->data, tensors->len, on_profile, by_tensor,
                          progress, progress_data, cancellable, error);
}

/* What could not be read, or is not in the file, says nothing. */
static void
drop_unknown (CkptLooking *self)
{
  for (guint i = self->subjects->len; i > 0; i--)
    if (((CkptSubject *) self->subjects->pdata[i - 1])->stats.n == 0)
      g_ptr_array_remove_index (self->subjects, i - 1);
  for (guint i = 0; i < self->subjects->len; i++)
    {
      CkptSubject *subject = self->subjects->pdata[i];

      g_hash_table_insert (self->names, subject->role.name, subject);
    }
}

static guint
rank_kind (const char *kind)
{
  guint rank = 0;

  while (rank + 1 < G_N_ELEMENTS (kinds) && strcmp (kinds[rank].kind, kind) != 0)
    rank++;
  return rank;
}

/* Of a kind, in file order. */
static int
compare_findings (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const CkptFinding *one = *(CkptFinding *const *) a, *other = *(CkptFinding *const *) b;

  if (strcmp (one->kind, other->kind) != 0)
    return (int) rank_kind (one->kind) - (int) rank_kind (other->kind);
  return (one->tensor > other->tensor) - (one->tensor < other->tensor);
}

static void
looking_clear (CkptLooking *self)
{
  g_clear_pointer (&self->subjects, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptLooking, looking_clear)

/**
 * ckpt_subject_is_zero:
 * @self: a subject
 *
 * Returns: whether all its values are there and zero
 */
gboolean
ckpt_subject_is_zero (const CkptSubject *self)
{
  return self->stats.n_zero == self->stats.n && self->stats.n_missing == 0;
}

/**
 * ckpt_subject_is_matrix:
 * @self: a subject
 *
 * Returns: whether it has a row of weights for each of several outputs, or is called a weight though it has only one
 */
gboolean
ckpt_subject_is_matrix (const CkptSubject *self)
{
  const CkptTensor *tensor = self->tensor;
  guint n_wide = 0;

  for (guint i = 0; i < tensor->n_dims; i++)
    n_wide += tensor->shape[i] > 1;
  return tensor->n_dims >= 2 && (n_wide >= 2 || (self->role.flags & CKPT_ROLE_WEIGHT) != 0);
}

/**
 * ckpt_looking_find_bias:
 * @self: a search
 * @subject: a weight
 *
 * Returns: (transfer none) (nullable): the bias of the same module
 */
CkptSubject *
ckpt_looking_find_bias (const CkptLooking *self, const CkptSubject *subject)
{
  const CkptRole *role = &subject->role;
  g_autofree char *name = role->module_len > 0
                              ? g_strdup_printf ("%.*s.bias", (int) role->module_len, role->name)
                              : g_strdup ("bias");

  return g_hash_table_lookup (self->names, name);
}

static void
free_array (gpointer data)
{
  g_ptr_array_unref (data);
}

/**
 * ckpt_looking_list_siblings:
 * @self: a search
 *
 * Returns: (transfer full) (element-type utf8 GPtrArray): the subjects that have a number in their names, by the patterns of their roles
 */
GHashTable *
ckpt_looking_list_siblings (CkptLooking *self)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_array);

  for (guint i = 0; i < self->subjects->len; i++)
    {
      CkptSubject *subject = self->subjects->pdata[i];
      GPtrArray *siblings;

      if (subject->role.pattern == NULL)
        continue;
      siblings = g_hash_table_lookup (groups, subject->role.pattern);
      if (siblings == NULL)
        {
          siblings = g_ptr_array_new ();
          g_hash_table_insert (groups, subject->role.pattern, siblings);
        }
      g_ptr_array_add (siblings, subject);
    }
  return groups;
}

/**
 * ckpt_looking_add:
 * @self: a search
 * @grade: how bad it is
 * @kind: its kind
 * @subject: the tensor that it is about
 * @count: how much of it
 * @text: (transfer full): a sentence for a person
 */
void
ckpt_looking_add (CkptLooking *self,
                  CkptFindingGrade grade,
                  const char *kind,
                  const CkptSubject *subject,
                  guint64 count,
                  char *text)
{
  CkptFinding *finding = g_new (CkptFinding, 1);

  *finding = (CkptFinding) {
    .grade = grade,
    .kind = kind,
    .tensor = subject->tensor->index,
    .node = subject->node,
    .path = g_strdup (subject->path),
    .count = count,
    .text = text,
  };
  g_ptr_array_add (self->findings, finding);
}

static GPtrArray *
find (CkptLooking *self,
      CkptProgressFunc progress,
      gpointer progress_data,
      GCancellable *cancellable,
      GError **error)
{
  if (!survey_subjects (self, progress, progress_data, cancellable, error))
    return NULL;
  drop_unknown (self);
  ckpt_looking_for_nonfinite (self);
  ckpt_looking_for_same (self);
  ckpt_looking_for_scale (self);
  ckpt_looking_for_types (self);
  if (!ckpt_looking_for_dead (self, cancellable, error))
    return NULL;
  g_ptr_array_sort_with_data (self->findings, compare_findings, NULL);
  return g_steal_pointer (&self->findings);
}

/**
 * ckpt_findings_new:
 * @survey: what is known of the tensors of a tree
 * @below: (type guint): look at the tensors in this value of the tree
 * @progress: (nullable) (scope call): told how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * ckpt_findings_list() for one value, by its first path.
 *
 * Returns: (transfer full) (element-type CkptFinding): what was found, or %NULL if it was cancelled
 */
GPtrArray *
ckpt_findings_new (CkptSurvey *survey,
                   CkptNodeId below,
                   CkptProgressFunc progress,
                   gpointer progress_data,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (CkptPath) path = NULL;
  const CkptPath *paths[1];

  g_return_val_if_fail (survey != NULL, NULL);

  paths[0] = path = find_path (ckpt_survey_get_tree (survey), below);
  return ckpt_findings_list (survey, paths, 1, progress, progress_data, cancellable, error);
}

/**
 * ckpt_findings_list:
 * @survey: what is known of the tensors of a tree
 * @below: (array length=n): look at the tensors in the values that these paths lead to
 * @n: how many
 * @progress: (nullable) (scope call): told how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Looks for what is wrong with values, or odd. Tensors that @survey does not know are read; a tensor that may have dead rows or
 * columns is read once more. One that cannot be read is passed over. Blocking: may be called on any thread.
 *
 * Problems are NaN and infinities among floating numbers. An attention mask of zeros and -inf is none, nor is the range of an observer
 * that has seen nothing. Notes are left out for what is as it is on purpose in what people make with PyTorch: see docs/findings.md.
 *
 * Returns: (transfer full) (element-type CkptFinding): what was found, or %NULL if it was cancelled
 */
GPtrArray *
ckpt_findings_list (CkptSurvey *survey,
                    const CkptPath *const *below,
                    gsize n,
                    CkptProgressFunc progress,
                    gpointer progress_data,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_auto (CkptLooking) self = { .survey = survey };

  g_return_val_if_fail (survey != NULL && (below != NULL || n == 0), NULL);

  self.tree = ckpt_survey_get_tree (survey);
  self.subjects = g_ptr_array_new_with_free_func (subject_free);
  self.names = g_hash_table_new (g_str_hash, g_str_equal);
  self.findings = g_ptr_array_new_with_free_func (finding_free);
  for (gsize i = 0; i < n; i++)
    collect (&self, seen, below[i]);
  return find (&self, progress, progress_data, cancellable, error);
}

/**
 * ckpt_findings_get_kinds:
 *
 * Returns: (transfer none) (array zero-terminated=1): the stable names of all kinds, in the order in which they are told
 */
const char *const *
ckpt_findings_get_kinds (void)
{
  static const char *names[G_N_ELEMENTS (kinds) + 1];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        names[i] = kinds[i].kind;
      g_once_init_leave (&once, 1);
    }
  return names;
}

/**
 * ckpt_finding_kind_get_title:
 * @kind: one of ckpt_findings_get_kinds()
 *
 * Returns: (transfer none): what stands above the findings of that kind, in the user's language
 */
const char *
ckpt_finding_kind_get_title (const char *kind)
{
  g_return_val_if_fail (kind != NULL, NULL);

  return _ (kinds[rank_kind (kind)].title);
}
